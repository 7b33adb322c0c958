/** Access tokens that were given. */
export const tokenSchema = `
CREATE TABLE IF NOT EXISTS access_tokens (token TEXT PRIMARY KEY, expires_at INTEGER NOT NULL);`;
