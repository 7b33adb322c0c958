type Sqlite = typeof import('node:sqlite');

const isSqliteWarning = (warning: unknown): boolean => String(warning).includes('SQLite is an experimental feature');

/**
 * Loads node:sqlite. Node 22 warns once that it is experimental: that one warning is dropped, all others pass.
 * Loaded by call, since a static import would warn before anything could be done about it.
 */
export const loadSqlite = (): Sqlite => {
  const emitWarning = process.emitWarning;
  process.emitWarning = (...warning: [warning: string | Error, ...rest: never[]]) => {
    if (!isSqliteWarning(warning[0])) Reflect.apply(emitWarning, process, warning);
  };
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
};
