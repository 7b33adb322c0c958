import { describe, expect, test } from 'vitest';
import { escapingImports, forbiddenDependencies, forbiddenImports, homelessPackages } from './architecture/arrows.ts';
import { dependencyCycles, serverDependencies } from './architecture/dependencies.ts';
import { exampleHouse, examplePackage } from './architecture/example-house.ts';
import { clockUses, defaultExports, environmentReads, instanceChecks } from './architecture/language.ts';
import {
  foreignHttpClients,
  librariesReachedFromRoot,
  misplacedLibraries,
  protocolCrossings,
} from './architecture/runtime-libraries.ts';
import { type House, readHouse } from './house.ts';

interface Rule {
  /** What holds in this repository. */
  readonly name: string;
  readonly check: (house: House) => string[];
  /** A house that breaks the rule, and what is said about it. */
  readonly bad: readonly [house: House, said: RegExp][];
  /** A house that looks alike and does not. */
  readonly good: House;
}

const house = readHouse();

const file = (path: string, text: string) => exampleHouse({ [path]: text });

const rules: Rule[] = [
  {
    name: 'every package has a place in the table of arrows',
    check: homelessPackages,
    bad: [
      [exampleHouse({}, [examplePackage('packages/misc')]), /^packages\/misc\/package\.json: "misc" has no arrows/],
    ],
    good: exampleHouse({}, [examplePackage('apps/demo'), examplePackage('packages/cli')]),
  },
  {
    name: 'imports follow the arrows',
    check: forbiddenImports,
    bad: [
      [
        file('packages/sync/src/a.ts', "\nimport { x } from '@mortise/acme';"),
        /^packages\/sync\/src\/a\.ts:2: the arrow sync -> connector is forbidden/,
      ],
      [file('packages/runtime/src/a.ts', "import type { S } from '@mortise/store';"), /runtime -> store is forbidden/],
      [file('packages/connectors/acme/src/a.ts', "export * from '@mortise/zenith';"), /connector -> connector/],
      [file('packages/store/src/a.ts', "const x = await import('@mortise/sync/deep');"), /store -> sync/],
      [file('packages/models/src/a.ts', "type T = import('@mortise/runtime').T;"), /models -> runtime/],
    ],
    good: file('packages/sync/src/a.ts', "import { s } from '@mortise/store'; // import '@mortise/acme'"),
  },
  {
    name: 'no relative import leaves its package',
    check: escapingImports,
    bad: [
      [
        file('packages/sync/src/deep/a.ts', "import { x } from '../../../store/src/x.ts';"),
        /^packages\/sync\/src\/deep\/a\.ts:1: reaches out of its package by path \(packages\/store\/src\/x\.ts\)/,
      ],
    ],
    good: file('packages/sync/src/deep/a.ts', "import { x } from '../../package.json';"),
  },
  {
    name: 'dependencies and peers follow the arrows',
    check: forbiddenDependencies,
    bad: [
      [
        exampleHouse({}, [examplePackage('packages/store', { dependencies: { '@mortise/sync': '1' } })]),
        /^packages\/store\/package\.json: the arrow store -> sync is forbidden/,
      ],
      [
        exampleHouse({}, [examplePackage('packages/connectors/acme', { peerDependencies: { '@mortise/store': '1' } })]),
        /connector -> store/,
      ],
    ],
    good: exampleHouse({}, [
      examplePackage('packages/connectors/acme', {
        peerDependencies: { '@mortise/runtime': '1' },
        devDependencies: { '@mortise/acme-box': '1' },
      }),
    ]),
  },
  {
    name: 'no circle of dependencies, devDependencies included',
    check: dependencyCycles,
    bad: [
      [
        exampleHouse({}, [
          examplePackage('packages/runtime', { devDependencies: { '@mortise/testing': '1' } }),
          examplePackage('packages/testing', { peerDependencies: { '@mortise/runtime': '1' } }),
        ]),
        /^packages\/runtime\/package\.json: @mortise\/runtime -> @mortise\/testing -> @mortise\/runtime is a circle/,
      ],
    ],
    good: exampleHouse({}, [
      examplePackage('packages/sync', { dependencies: { '@mortise/runtime': '1', '@mortise/store': '1' } }),
      examplePackage('packages/store', { dependencies: { '@mortise/runtime': '1' } }),
    ]),
  },
  {
    name: 'no published package needs a test server or a library of one',
    check: serverDependencies,
    bad: [
      [exampleHouse({}, [examplePackage('packages/sync', { dependencies: { '@shop/core': '1' } })]), /test server/],
      [
        exampleHouse({}, [examplePackage('packages/sync', { devDependencies: { s: 'file:../../servers/shop' } })]),
        /^packages\/sync\/package\.json: "s" is a test server/,
      ],
    ],
    good: exampleHouse({}, [examplePackage('apps/demo', { private: true, dependencies: { 'shop-server': '1' } })]),
  },
  {
    name: 'each library of the runtime stays in the folders that own it',
    check: misplacedLibraries,
    bad: [
      [
        file('packages/runtime/src/auth/a.ts', "import ky from 'ky';"),
        /auth\/a\.ts:1: ky may be imported only under src\/http\//,
      ],
      [file('packages/runtime/src/a.ts', "import x from 'left-pad';"), /left-pad has no folder/],
      [
        file('packages/runtime/src/http/a.ts', "import type { X } from 'graphql/language';"),
        /graphql may be imported only/,
      ],
    ],
    good: file('packages/runtime/src/http/a.ts', "import ky from 'ky'; import { z } from 'zod'; import 'node:fs';"),
  },
  {
    name: 'only the runtime imports ky',
    check: foreignHttpClients,
    bad: [
      [
        file('packages/connectors/acme/src/a.ts', "import ky from 'ky';"),
        /acme\/src\/a\.ts:1: ky may be imported only/,
      ],
    ],
    good: file('packages/runtime/src/http/client.ts', "import ky from 'ky';"),
  },
  {
    name: 'the root entry of the runtime reaches no protocol library',
    check: librariesReachedFromRoot,
    bad: [
      [
        exampleHouse({
          'packages/runtime/src/index.ts': "export { open } from './contract/open.ts';",
          'packages/runtime/src/contract/open.ts': "import { client } from '../http/client.ts';",
          'packages/runtime/src/http/client.ts': "import ky from 'ky';",
        }),
        /^packages\/runtime\/src\/http\/client\.ts:1: .*index\.ts -> contract\/open\.ts -> http\/client\.ts -> ky$/,
      ],
      [file('packages/runtime/src/index.ts', "const ws = await import('ws');"), /reaches ws/],
    ],
    good: exampleHouse({
      'packages/runtime/src/index.ts': "export type { Client } from './http/client.ts'; import { z } from 'zod';",
      'packages/runtime/src/http/client.ts': "import ky from 'ky';",
    }),
  },
  {
    name: 'one protocol never imports another',
    check: protocolCrossings,
    bad: [
      [
        file('packages/runtime/src/protocols/rest/a.ts', "import { q } from '../graphql/query.ts';"),
        /^packages\/runtime\/src\/protocols\/rest\/a\.ts:1: the arrow rest -> graphql is forbidden/,
      ],
    ],
    good: file(
      'packages/runtime/src/protocols/rest/a.ts',
      "import './b.ts'; import '../shared.ts'; import '../../http/c.ts';",
    ),
  },
  {
    name: 'default exports only in src/index.ts of a connector',
    check: defaultExports,
    bad: [
      [file('packages/sync/src/a.ts', 'export default 1;'), /^packages\/sync\/src\/a\.ts:1: default exports/],
      [file('packages/connectors/acme/src/b.ts', 'export default function b() {}'), /default exports/],
      [file('packages/sync/src/a.ts', 'const a = 1; export { a as default };'), /default exports/],
    ],
    good: file('packages/connectors/acme/src/index.ts', 'export default 1;'),
  },
  {
    name: 'no instanceof ConnectorError',
    check: instanceChecks,
    bad: [
      [file('packages/sync/src/a.ts', 'if (e instanceof runtime.ConnectorError) throw e;'), /use isConnectorError/],
    ],
    good: file('packages/sync/src/a.ts', "if (e instanceof TypeError) throw 'instanceof ConnectorError';"),
  },
  {
    name: 'only the environment file of the runtime and programs read process.env',
    check: environmentReads,
    bad: [
      [
        file('packages/sync/src/a.ts', '\n\nconst key = process.env.KEY;'),
        /^packages\/sync\/src\/a\.ts:3: reads process\.env/,
      ],
      [file('packages/sync/src/a.ts', "import { env } from 'node:process';"), /reads process\.env/],
      [file('packages/sync/src/a.ts', 'const { env: all } = process;'), /reads process\.env/],
      [file('packages/sync/src/a.ts', "globalThis.process['env']"), /reads process\.env/],
    ],
    good: exampleHouse(
      {
        'packages/sandboxes/acme-box/src/main.ts': 'process.env.PORT;',
        'packages/runtime/src/contract/environment.ts': 'process.env[name];',
        'packages/sync/src/a.ts': "import { env } from '@mortise/runtime'; context.env; // process.env",
        'apps/demo/src/main.ts': 'process.env.PORT;',
      },
      [examplePackage('packages/sandboxes/acme-box', { bin: { box: './dist/main.js' } })],
    ),
  },
  {
    name: 'time and randomness come from the injected clock',
    check: clockUses,
    bad: [
      [file('packages/sync/src/a.ts', 'const t = Date.now();'), /^packages\/sync\/src\/a\.ts:1: Date\.now: take time/],
      [file('packages/store/src/a.ts', 'const t = new Date();'), /new Date\(\)/],
      [file('packages/runtime/src/a.ts', 'const clock = { random: Math.random };'), /Math\.random/],
      [file('packages/connectors/acme/src/a.ts', 'setTimeout(() => {}, 5);'), /setTimeout/],
      [file('packages/runtime/src/a.ts', "import { setTimeout as wait } from 'node:timers/promises';"), /take time/],
      [file('packages/runtime/src/a.ts', 'AbortSignal.timeout(5)'), /AbortSignal\.timeout/],
    ],
    good: exampleHouse({
      'packages/runtime/src/resilience/clock.ts': 'Date.now(); Math.random(); setTimeout(f, 1);',
      'packages/sync/src/a.ts': 'const t = new Date(clock.now()); const settings = { setTimeout: 1 };',
      'packages/testing/src/a.ts': 'Date.now();',
    }),
  },
];

describe('this repository', () => {
  for (const { name, check } of rules) {
    test(name, () => {
      expect(check(house).join('\n')).toBe('');
    });
  }
});

describe('the rule catches what breaks it', () => {
  for (const { name, check, bad, good } of rules) {
    test(name, () => {
      for (const [example, said] of bad) expect(check(example).join('\n')).toMatch(said);
      expect(check(good)).toEqual([]);
    });
  }
});

test('the source files are found', () => {
  expect(house.packages.map(({ folder }) => folder)).toContain('packages/runtime');
  expect(house.sources.length).toBeGreaterThan(10);
});
