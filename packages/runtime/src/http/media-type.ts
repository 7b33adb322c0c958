/** Whether a status promises the answer that was asked for. */
export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** The media type for a message, where it is one: the header may hold anything. */
export const mediaTypeOf = (type: string): string => /^[\w.+-]+\/[\w.+-]+/.exec(type)?.[0] ?? 'of no stated type';
