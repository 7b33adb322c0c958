import { isRecord } from '../../sandbox/record.ts';
import type { CheckRuns } from '../check.ts';
import { editBody } from '../format.ts';
import { findRows, placesOf, rowsWithin } from '../rows.ts';
import { breach, errorOf, type Trial, type Unproved, unproved } from '../trial.ts';
import {
  isUnproved,
  keysOf,
  listedKeys,
  missingOf,
  pagesOf,
  putAt,
  recentStamp,
  someRecords,
  wantAll,
} from '../walk.ts';

type Verdict = Promise<Unproved | undefined>;

const listComplete = async (trial: Trial): Verdict => {
  const { hands } = trial;
  const made = await someRecords(trial, 7);
  if (isUnproved(made) || hands === undefined) return isUnproved(made) ? made : unproved('no hand in the resource');
  const found = await listedKeys(trial);
  wantAll(await hands.ids(), { found, where: 'in a list without a window' });
  return undefined;
};

const nothingInvented = async (trial: Trial): Verdict => {
  const { hands } = trial;
  const made = await someRecords(trial, 5);
  if (isUnproved(made) || hands === undefined) return isUnproved(made) ? made : unproved('no hand in the resource');
  const live = new Set(await hands.ids());
  const found = await listedKeys(trial);
  const others = found.filter((key) => !live.has(key)).length;
  if (others > 0) breach(`the list gives ${others} records that the vendor does not have`);
  const repeats = found.length - new Set(found).size;
  if (repeats > 0) breach(`the list of a vendor at rest gives ${repeats} records more than once`);
  return undefined;
};

const equalStamps = async (trial: Trial): Verdict => {
  const at = recentStamp(trial);
  const made = await putAt(trial, { count: 7, at });
  if (isUnproved(made)) return made;
  const since = new Date(at - 60_000);
  const found = await listedKeys(trial, { since, pageSize: 2 });
  wantAll(made, { found, where: 'where one stamp lies on both sides of a page boundary' });
  return undefined;
};

const windowEnds = async (trial: Trial): Verdict => {
  const at = recentStamp(trial);
  const made = await putAt(trial, { count: 1, at });
  if (isUnproved(made)) return made;
  const edge = new Date(at);
  const found = await listedKeys(trial, { since: edge, until: edge });
  wantAll(made, { found, where: 'whose stamp is an end of the window' });
  return undefined;
};

const updateReemitted = async (trial: Trial): Verdict => {
  const { hands } = trial;
  if (hands?.touch === undefined) return unproved('the world cannot touch a record');
  const made = await putAt(trial, { count: 3, at: recentStamp(trial, 240) });
  if (isUnproved(made)) return made;
  const at = recentStamp(trial, 60);
  const [first] = made;
  if (first !== undefined) await hands.touch(first, at);
  const found = await listedKeys(trial, { since: new Date(at - 60_000) });
  wantAll(first === undefined ? [] : [first], { found, where: 'that were changed behind the cursor' });
  return undefined;
};

const lateCommits = async (trial: Trial): Verdict => {
  const { definition, hands, clock } = trial;
  if (definition.changes === 'none') return undefined;
  const vendorLag = hands?.lagMs ?? 0;
  const { lagMs } = definition.changes;
  if (lagMs < vendorLag) {
    breach(`a lag of ${lagMs} ms is declared, and the vendor's list can miss a change for ${vendorLag} ms`);
  }
  const until = new Date(clock.now());
  await listedKeys(trial, { since: new Date(clock.now() - 60_000), until });
  // Committed behind the read, with a stamp before its end: the next window reaches back by the declared lag.
  const at = Math.floor((until.getTime() - lagMs) / 1_000) * 1_000;
  const made = await putAt(trial, { count: 2, at });
  if (isUnproved(made)) return made;
  await clock.advance(vendorLag);
  const found = await listedKeys(trial, { since: new Date(at) });
  wantAll(made, { found, where: 'that were committed late, within the declared lag' });
  return undefined;
};

const stampsReadable = async (trial: Trial): Verdict => {
  const made = await someRecords(trial, 3);
  if (isUnproved(made)) return made;
  const live = trial.fresh();
  const pages = await trial.drive(pagesOf(live));
  const blind = pages.flatMap(({ records }) => records).filter((record) => live.port.changedAt(record) === undefined);
  if (blind.length > 0) breach(`${blind.length} records have no change stamp that can be read at the declared path`);
  return undefined;
};

const resumesByCursor = async (trial: Trial): Verdict => {
  const made = await someRecords(trial, 7);
  if (isUnproved(made)) return made;
  const window = { pageSize: 2 };
  const live = trial.fresh();
  const pages = await trial.drive(pagesOf(live, window));
  const middle = pages.findIndex(({ next }) => next !== undefined);
  const cursor = pages[middle]?.next;
  if (cursor === undefined) return unproved('no page of the list names a cursor');
  const rest = await listedKeys(trial, { ...window, cursor });
  wantAll(keysOf(live, pages.slice(middle + 1)), { found: rest, where: 'behind a cursor that was taken up again' });
  return undefined;
};

const emptyPage = async (trial: Trial): Verdict => {
  const { wire, dialect } = trial;
  const made = await someRecords(trial, 9);
  if (isUnproved(made)) return made;
  const { emptyPage: emptied } = dialect;
  if (emptied === undefined) return unproved('the dialect has no empty page with another one behind it');
  const known = { key: trial.definition.key, ids: new Set(made) };
  const idsIn = (body: unknown): readonly string[] => rowsWithin(body, known).map((row) => String(row[known.key]));
  let pagesSeen = 0;
  let lost: readonly string[] = [];
  wire.rule(() => ({
    kind: 'edit',
    edit: (answer) =>
      editBody(answer, {
        format: trial.dialect.format,
        change: (body) => {
          const there = idsIn(body);
          if (!isRecord(body) || there.length === 0) return false;
          pagesSeen += 1;
          if (pagesSeen < 2 || lost.length > 0) return false;
          const empty = emptied(body);
          lost = missingOf(there, idsIn(empty));
          Object.assign(body, empty);
          return lost.length > 0;
        },
      }),
  }));
  const found = await listedKeys(trial, { pageSize: 2 });
  if (pagesSeen < 2) return unproved('the list has no second page');
  if (lost.length === 0) return unproved('the dialect has no empty page of this list');
  wantAll(missingOf(made, lost), { found, where: 'behind an empty page that is not the last one' });
  return undefined;
};

const nextCycle = async (trial: Trial): Verdict => {
  const { wire, drive } = trial;
  const made = await someRecords(trial, 7);
  if (isUnproved(made)) return made;
  const live = trial.fresh();
  let first: string | undefined;
  let repeats = 0;
  const tooMany = 60;
  wire.rule((request) => {
    if (trial.dialect.isTokenRequest?.(request) === true) return undefined;
    return {
      kind: 'edit',
      edit: (answer) => {
        first ??= answer.text;
        repeats += 1;
        // Beyond this the walk is endless: the line ends it.
        return repeats > tooMany ? { ...answer, status: 400, text: '{}' } : { ...answer, text: first };
      },
    };
  });
  await errorOf(drive(pagesOf(live, { pageSize: 2 })));
  if (repeats > tooMany) breach('a page that leads back to itself is read for ever');
  return undefined;
};

const foreignNext = async (trial: Trial): Verdict => {
  const { wire, drive } = trial;
  const made = await someRecords(trial, 7);
  if (isUnproved(made)) return made;
  const live = trial.fresh();
  const origin = new URL(wire.url).origin;
  const foreign = origin.replace('127.0.0.1', 'localhost');
  let changed = 0;
  wire.rule(() => ({
    kind: 'edit',
    edit: (answer) => {
      changed += answer.text.includes(origin) || Object.values(answer.headers).join().includes(origin) ? 1 : 0;
      const headers = Object.entries(answer.headers).map(([name, value]) => [name, value.replaceAll(origin, foreign)]);
      return { ...answer, text: answer.text.replaceAll(origin, foreign), headers: Object.fromEntries(headers) };
    },
  }));
  await errorOf(drive(pagesOf(live, { pageSize: 2 })));
  const followed = wire.exchanges.filter(({ headers }) => headers.host?.startsWith('localhost') === true);
  if (followed.length > 0) breach('a link to a host that is not the vendor is followed');
  return changed === 0 ? unproved('the answers hold no link') : undefined;
};

const redirectForeign = async (trial: Trial): Verdict => {
  const { wire, dialect, drive } = trial;
  const origin = new URL(wire.url).origin;
  const foreign = origin.replace('127.0.0.1', 'localhost');
  const live = trial.fresh();
  // A login that is redirected would fail before the list is asked for.
  wire.rule((request) =>
    request.headers.host?.startsWith('localhost') === true || dialect.isTokenRequest?.(request) === true
      ? undefined
      : { kind: 'reply', reply: { status: 307, headers: { location: foreign + request.path }, body: '' } },
  );
  const error = await errorOf(drive(pagesOf(live)));
  if (wire.exchanges.some(({ headers }) => headers.host?.startsWith('localhost') === true)) {
    breach('a redirect to a host that is not the vendor is followed');
  }
  if (error === undefined) breach('a redirect to another host reads as an empty list');
  return undefined;
};

const pageExpired = async (trial: Trial): Verdict => {
  const { wire, dialect, drive } = trial;
  const { pageExpired: expired } = dialect;
  if (expired === undefined) return unproved('the dialect has no answer for a cursor that is too old');
  const made = await someRecords(trial, 7);
  if (isUnproved(made)) return made;
  const live = trial.fresh();
  const pages = await drive(pagesOf(live, { pageSize: 2 }));
  const cursor = pages.find(({ next }) => next !== undefined)?.next;
  if (cursor === undefined) return unproved('no page of the list names a cursor');
  wire.rule((request) =>
    dialect.isTokenRequest?.(request) === true ? undefined : { kind: 'reply', reply: expired() },
  );
  const error = await errorOf(drive(pagesOf(trial.fresh(), { pageSize: 2, cursor })));
  if (error?.code !== 'expired-cursor') breach(`a cursor that is too old ends in ${error?.code ?? 'a short list'}`);
  return undefined;
};

const pageSizeLowered = async (trial: Trial): Verdict => {
  const made = await someRecords(trial, 12);
  if (isUnproved(made)) return made;
  const found = await listedKeys(trial, { pageSize: 1_000_000 });
  wantAll(made, { found, where: 'where the vendor gives fewer records a page than asked for' });
  return undefined;
};

const totalName = /total|count/i;
const pageName = /page/i;

const totalsLie = async (trial: Trial): Verdict => {
  const { wire } = trial;
  const made = await someRecords(trial, 7);
  if (isUnproved(made)) return made;
  const ids = new Set(made);
  let lies = 0;
  wire.rule(() => ({
    kind: 'edit',
    edit: (answer) =>
      editBody(answer, {
        format: trial.dialect.format,
        change: (body) => {
          const page = findRows(body, { key: trial.definition.key, ids });
          if (page === undefined) return false;
          for (const { owner, name } of placesOf(body)) {
            const value = owner[name];
            if (typeof value !== 'number' || !totalName.test(name) || page.rows.includes(owner)) continue;
            // There is no more than this page. One that denied its own rows would be refused as cut, and rightly so.
            const lie = pageName.test(name) ? 1 : page.rows.length;
            if (value <= lie) continue;
            owner[name] = lie;
            lies += 1;
          }
          return lies > 0;
        },
      }),
  }));
  const found = await listedKeys(trial, { pageSize: 2 });
  if (lies === 0) return unproved('the answers name no total');
  wantAll(made, { found, where: 'where the total that the vendor names is too low' });
  return undefined;
};

/** What lists must not lose, and what they must not follow. */
export const listChecks: CheckRuns = {
  'list-complete': listComplete,
  'list-invents-nothing': nothingInvented,
  'equal-stamps-at-page-boundary': equalStamps,
  'window-ends-included': windowEnds,
  'update-re-emitted': updateReemitted,
  'late-commits-within-lag': lateCommits,
  'stamps-readable': stampsReadable,
  'list-resumes-by-cursor': resumesByCursor,
  'empty-page-is-not-the-end': emptyPage,
  'next-cycle-ends': nextCycle,
  'foreign-next-refused': foreignNext,
  'foreign-redirect-refused': redirectForeign,
  'expired-page-told': pageExpired,
  'page-size-lowered': pageSizeLowered,
  'totals-do-not-end-a-list': totalsLie,
};
