import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLinkHeader } from '../src/protocols/rest/link-header.ts';

test('several links, each with several relations, in any case', () => {
  expect(parseLinkHeader('<https://a.example/?page=2>; rel=next, <https://a.example/?page=9>; rel="LAST  up"')).toEqual(
    [
      { target: 'https://a.example/?page=2', rels: ['next'] },
      { target: 'https://a.example/?page=9', rels: ['last', 'up'] },
    ],
  );
});

test('commas and semicolons within targets and quotes separate nothing', () => {
  const header = '</a,b;c>; title="x, <y>; rel=\\"prev\\""; rel="next", </d>; rel=prev';
  expect(parseLinkHeader(header)).toEqual([
    { target: '/a,b;c', rels: ['next'] },
    { target: '/d', rels: ['prev'] },
  ]);
});

test('of a parameter that is given twice the first one counts', () => {
  expect(parseLinkHeader('</a>; rel=next; rel=prev')).toEqual([{ target: '/a', rels: ['next'] }]);
});

test('what is no link is left out, and the links beside it stay', () => {
  const good = [{ target: '/b', rels: ['next'] }];
  for (const bad of [
    '</a> rel=next',
    'rel=next',
    '</a>; rel="next',
    '</a',
    '',
    '</a>',
    '</a>; rel=next; anchor="#x"',
  ]) {
    expect(parseLinkHeader(`</b>; rel=next, ${bad}`), bad).toEqual(good);
  }
  for (const bad of ['garbage', '"a, b"', '</a> rel=next', ',,', '</a>; anchor="/c"; rel=next']) {
    expect(parseLinkHeader(`${bad}, </b>; rel=next`), bad).toEqual(good);
  }
});

const targets = fc.webUrl({ withQueryParameters: true, withFragments: true });
const rels = fc.constantFrom('next', 'prev', 'first', 'last', 'https://rel.example/x');
const titles = fc.string().map((text) => text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&'));

test('whatever links are written are read again', () => {
  const links = fc.array(fc.record({ target: targets, rels: fc.array(rels, { minLength: 1 }), title: titles }));
  fc.assert(
    fc.property(links, (given) => {
      const header = given.map((each) => `<${each.target}>;title="${each.title}" ; REL="${each.rels.join(' ')}"`);
      const expected = given.map((each) => ({ target: each.target, rels: each.rels }));
      expect(parseLinkHeader(header.join(' , '))).toEqual(expected);
    }),
  );
});

test('any text at all is read, and gives nothing that does not stand in it', () => {
  const piece = fc.constantFrom('<', '>', '"', '\\', ',', ';', '=', ' ', 'rel', 'next', 'anchor', 'a', '\t');
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (header) => {
      for (const { target } of parseLinkHeader(header)) expect(header).toContain(`<${target}>`);
    }),
    { numRuns: 2_000 },
  );
});

test('a long header of opening marks is read in steps that do not multiply', () => {
  // Quadratic reading of a hundred kilobytes would take longer than the time of all tests together.
  for (const mark of ['<', '"', '\\"', '</a>;', '</a>;x="', ', '])
    expect(parseLinkHeader(mark.repeat(20_000))).toEqual([]);
});
