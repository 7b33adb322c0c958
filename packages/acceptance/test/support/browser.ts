/** Cookies of one browser. */
const cookieJar = () => {
  const cookies = new Map<string, string>();
  return {
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    keep: (response: Response) => {
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
    },
  };
};

/** What the user does on a page of the provider. */
export type Deed = 'grant' | 'deny';

const fieldsOf = (html: string, deed: Deed): { action: string; body: URLSearchParams } | { leave: string } => {
  const abort = /href="([^"]+\/abort)"/.exec(html)?.[1];
  if (deed === 'deny' && abort !== undefined) return { leave: abort };
  const action = /<form[^>]+action="([^"]+)"/.exec(html)?.[1];
  const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
  if (action === undefined || prompt === undefined) throw new Error(`a page without a form: ${html.slice(0, 2_000)}`);
  const login = prompt === 'login' ? { login: 'alice', password: 'x' } : {};
  return { action, body: new URLSearchParams({ prompt, ...login }) };
};

/**
 * A user's browser at the provider: signs in, consents or denies, and stops where it would leave for `until`.
 * Gives the URL that it would go to.
 */
export const browse = async (start: URL, { until, deed = 'grant' }: { until: string; deed?: Deed }): Promise<URL> => {
  const jar = cookieJar();
  let url = start;
  let request: RequestInit = {};
  for (let step = 0; step < 20; step += 1) {
    const response = await fetch(url, { ...request, redirect: 'manual', headers: { cookie: jar.header() } });
    jar.keep(response);
    const location = response.headers.get('location');
    const html = await response.text();
    if (location !== null) {
      url = new URL(location, url);
      request = {};
      if (url.href.startsWith(until)) return url;
      continue;
    }
    if (response.status !== 200) throw new Error(`the provider answered ${response.status}: ${html.slice(0, 2_000)}`);
    const next = fieldsOf(html, deed);
    url = new URL('leave' in next ? next.leave : next.action, url);
    request = 'leave' in next ? {} : { method: 'POST', body: next.body };
  }
  throw new Error('the provider asked for more than 20 pages');
};
