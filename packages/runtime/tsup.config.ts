import { defineConfig } from 'tsup';
import { library } from '../../tools/build/library.ts';

export default defineConfig(
  library(
    'src/index.ts',
    'src/auth/index.ts',
    'src/mapping/index.ts',
    'src/telemetry/index.ts',
    'src/protocols/rest/index.ts',
    'src/protocols/graphql/index.ts',
    'src/protocols/soap/index.ts',
    'src/protocols/webhooks/index.ts',
    'src/protocols/realtime/index.ts',
  ),
);
