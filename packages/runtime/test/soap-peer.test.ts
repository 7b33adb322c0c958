import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const subpath = new URL('../src/protocols/soap/index.ts', import.meta.url).href;

/** A process in which the parser cannot be found, as where it is not installed. */
const withoutParser = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'saxes') return next(specifier, context);
    throw Object.assign(new Error("Cannot find module 'saxes'"), { code: 'MODULE_NOT_FOUND' });
  },
});
const { soap } = await import(${JSON.stringify(subpath)});
try {
  soap({ url: 'https://api.example.com/soap' });
  console.log(JSON.stringify({ code: 'made' }));
} catch (error) {
  console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message }));
}
`;

const run = (script: string): unknown => {
  const argv = ['--no-warnings', '--input-type=module', '--eval', script];
  return JSON.parse(
    execFileSync(process.execPath, argv, { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' }),
  );
};

test('without the XML parser the subpath can be imported, and making a transport says what to install', () => {
  expect(run(withoutParser)).toEqual({
    name: 'ConnectorError',
    code: 'invalid-settings',
    message: "SOAP needs the package 'saxes': npm install saxes",
  });
  expect(run(withoutParser.replace("specifier !== 'saxes'", 'true'))).toEqual({ code: 'made' });
});
