/** Secrets and record values that must show nowhere. Characters that every encoding changes, no word of ordinary output. */
export const canaries = {
  apiKey: 'Kx7-api/key+canary=1',
  basicPassword: 'Pw9 basic&canary/2?',
  clientSecret: 'Cs3-client/canary+3',
  accessToken: 'At5-access-canary-4~',
  sessionToken: 'St8-session.canary-5_',
  bearerToken: 'Bt2/bearer+canary=6',
  soapPassword: 'Wp6<soap>&canary"7',
  settingSecret: 'Se4-setting/canary+8',
  headerValue: 'Hv1-header/canary+9',
  webhookSecret: 'Wh5-webhook/canary+10',
  recordValue: 'Rv3 record/canary+11 Müller',
  queryValue: 'Qv7-query/canary+12',
  recordId: 'Id2-record-canary-13',
  webhookValue: 'Wv8-delivery/canary+14',
} as const;

/** Its name stands for a canary where a test reports it. */
export type CanaryName = keyof typeof canaries;

/** The part of a base64 text that depends on the value alone when `offset` bytes stand before it. */
const base64At = (
  value: string,
  { offset, encoding }: { offset: number; encoding: 'base64' | 'base64url' },
): string => {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
  return bytes.toString(encoding).slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
};

/** As XML text. */
const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Every form in which a value may slip out. */
export const formsOf = (value: string): readonly string[] => [
  ...new Set([
    value,
    encodeURIComponent(value),
    encodeURI(value),
    new URLSearchParams([['', value]]).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value)).slice(3, -3),
    escaped(value),
    escaped(value).replaceAll('"', '&quot;'),
    Buffer.from(value).toString('hex'),
    Buffer.from(value, 'utf8').toString('latin1'),
    ...[0, 1, 2].flatMap((offset) => [
      base64At(value, { offset, encoding: 'base64' }),
      base64At(value, { offset, encoding: 'base64url' }),
    ]),
  ]),
];

/** Names of the canaries that a text holds in any form, also where line breaks were put into it. */
export const found = (text: string): CanaryName[] => {
  const joined = text.replaceAll(/\r?\n\s*/g, '');
  const names = Object.keys(canaries) as CanaryName[]; // the keys of the object above
  return names.filter((name) => formsOf(canaries[name]).some((form) => text.includes(form) || joined.includes(form)));
};
