// Documents that are made to keep a parser busy, by the number of their case.

const around = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;

const laughs = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join(
  '',
);

/** By what is in it. Each is refused. */
export const hostileDocuments: Readonly<Record<string, () => string>> = {
  'case 67: a billion laughs': () => `<!DOCTYPE x [<!ENTITY l0 "lol">${laughs}]>${around('<a>&l9;</a>')}`,
  'case 67: an entity of 9.9 KB, 1,000 times': () =>
    `<!DOCTYPE x [<!ENTITY e "${'x'.repeat(9_900)}">]>${around(`<a>${'&e;'.repeat(1_000)}</a>`)}`,
  'case 67: 1,000,000 entities of one byte': () =>
    `<!DOCTYPE x [<!ENTITY e "x">]>${around(`<a>${'&e;'.repeat(1_000_000)}</a>`)}`,
  'case 67: 1,000,000 numeric references': () => around(`<a>${'&#65;'.repeat(1_000_000)}</a>`),
  'case 69: 100,000 nested elements': () => around('<a>'.repeat(100_000) + '</a>'.repeat(100_000)),
  'case 70: 200,000 attributes': () =>
    around(`<a${Array.from({ length: 200_000 }, (_, index) => ` a${index}="1"`).join('')}/>`),
};
