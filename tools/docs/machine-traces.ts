import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, type SourceText } from '../house.ts';

const largestText = 2_000_000;

/** The files that git tracks, and those that it would take: found before they are committed. */
export const trackedTexts = (): SourceText[] =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '')
    .flatMap((path) => {
      const state = statSync(join(root, path), { throwIfNoEntry: false });
      if (!state?.isFile() || state.size > largestText) return [];
      const text = readFileSync(join(root, path), 'utf8');
      return text.includes('\0') ? [] : [{ path, text }];
    });

// the names are in pieces, so that this file does not find itself
const homes = ['work', 'root', 'tmp', 'home/[\\w-]+', 'Users/[\\w-]+'].join('|');
// after a letter, digit, dot, dash or brace it is a part of a longer path or of a URL
const machinePath = new RegExp(`(?<![\\w.}\\])*-])/(?:${homes})/[\\w.$-]+`);
const resolvedFromHost = /"resolved":\s*"(?:git\+)?https?:\/\/[^"]*"/;

/** Lines that hold a path of the machine they were written on. */
export const machinePaths = (texts: readonly SourceText[]): string[] =>
  texts.flatMap(({ path, text }) =>
    text.split('\n').flatMap((row, index) => {
      const found = machinePath.exec(row);
      return found ? [`${path}:${index + 1}: ${found[0]} is a path of one machine`] : [];
    }),
  );

/** Lines of lock files that name the registry a package came from: other users have another. */
export const resolvedHosts = (texts: readonly SourceText[]): string[] =>
  texts
    .filter(({ path }) => /(^|\/)(package-lock|npm-shrinkwrap)\.json$/.test(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((row, index) => {
        const found = resolvedFromHost.exec(row);
        return found
          ? [`${path}:${index + 1}: ${found[0]} names a registry: install with omit-lockfile-registry-resolved`]
          : [];
      }),
    );
