/** A browser of a few lines: cookies, redirects, one form. Enough to sign in as a person does, without a screen. */
export interface Page {
  url: string;
  status: number;
  headers: Headers;
  text: string;
}

export class Browser {
  private readonly cookies = new Map<string, { host: string; path: string; name: string; value: string }>();

  /** Follows redirects until a page, or until `stop` says that a place is the goal (it is then not fetched). */
  async open(
    url: string,
    options: {
      form?: Record<string, string>;
      stop?: (url: URL) => boolean;
      headers?: Record<string, string>;
    } = {},
  ): Promise<Page> {
    let target = new URL(url);
    let body = options.form === undefined ? undefined : new URLSearchParams(options.form);
    for (let hop = 0; hop < 20; hop += 1) {
      if (options.stop?.(target) === true) {
        return { url: target.href, status: 0, headers: new Headers(), text: '' };
      }
      const headers = new Headers(options.headers);
      headers.set('cookie', this.cookieHeader(target));
      if (body !== undefined) headers.set('origin', target.origin);
      const response = await fetch(target, {
        method: body === undefined ? 'GET' : 'POST',
        redirect: 'manual',
        headers,
        ...(body === undefined ? {} : { body }),
      });
      this.keep(target, response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399) {
        return {
          url: target.href,
          status: response.status,
          headers: response.headers,
          text: await response.text(),
        };
      }
      await response.arrayBuffer();
      target = new URL(location, target);
      body = undefined;
    }
    throw new Error('too many redirects');
  }

  /** Cookies that would go to that place. */
  cookieHeader(target: URL): string {
    return [...this.cookies.values()]
      .filter(({ host, path }) => host === target.hostname && under(path, target.pathname))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  private keep(from: URL, lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const equals = pair.indexOf('=');
      const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
      const attribute = (wanted: string): string | undefined =>
        attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const path = attribute('path') ?? '/';
      const key = `${from.hostname} ${path} ${name}`;
      const expires = attribute('expires');
      const gone =
        attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now());
      if (gone) this.cookies.delete(key);
      else this.cookies.set(key, { host: from.hostname, path, name, value });
    }
  }
}

function under(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}
