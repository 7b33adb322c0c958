/** The package of an optional peer, or one sentence that says what to install. */
export const peer = async <Library>(name: string, load: () => Promise<Library>): Promise<Library> => {
  try {
    return await load();
  } catch (thrown) {
    const hint = `needs the package ${name}, which is an optional peer: npm install ${name}`;
    throw new Error(`@mortise/models ${hint}`, { cause: thrown });
  }
};
