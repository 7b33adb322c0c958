/** Name of the database's only user; it listens on loopback alone and asks for no password. */
export const DATABASE_USER: string;

/** Whether every user may enter the folder and all folders above it. */
export function isOpenToAll(path: string): boolean;

/**
 * The binaries that PostgreSQL's system user can run: as root below a closed folder (mode 0700) a copy below the open
 * temporary folder, because the user who runs them may not even enter.
 * @throws Error when the links that npm leaves out cannot be made.
 */
export function usableBinaries(folder?: string): Promise<{ readonly bin: string; readonly dispose: () => void }>;
