import { dirname, join } from 'node:path';
import ts from 'typescript';
import { root } from '../house.ts';
import { type Example, exampleFile } from './examples.ts';

/** The workspace's own settings, but for names that an example declares only to show them. */
const compilerOptions = (): ts.CompilerOptions => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  return {
    ...options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    moduleDetection: ts.ModuleDetectionKind.Force,
    configFilePath: undefined,
  };
};

/** A compiler host over the disk that also holds the examples, so that nothing is written. */
const hostWith = (files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost => {
  const host = ts.createCompilerHost(options);
  const folders = new Set([...files.keys()].flatMap((file) => [dirname(file), dirname(dirname(file))]));
  return {
    ...host,
    getCurrentDirectory: () => root,
    fileExists: (file) => files.has(file) || host.fileExists(file),
    readFile: (file) => files.get(file) ?? host.readFile(file),
    directoryExists: (folder) => folders.has(folder) || ts.sys.directoryExists(folder),
    getSourceFile: (file, target, onError, shouldCreate) => {
      const text = files.get(file);
      if (text !== undefined) return ts.createSourceFile(file, text, target);
      return host.getSourceFile(file, target, onError, shouldCreate);
    },
  };
};

const messageOf = (diagnostic: ts.Diagnostic, byFile: ReadonlyMap<string, Example>): string => {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ');
  const example = diagnostic.file && byFile.get(diagnostic.file.fileName);
  if (!example || !diagnostic.file) return text;
  const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
  return `${example.page}:${example.line + line}: ${text}`;
};

/**
 * Compiles the examples of all pages with the workspace's packages, as built.
 * @returns what is wrong, by page and line
 */
export const compileExamples = (examples: readonly Example[]): string[] => {
  const byFile = new Map(examples.map((example) => [join(root, exampleFile(example)), example]));
  const files = new Map([...byFile].map(([file, { code }]) => [file, code]));
  const options = compilerOptions();
  const program = ts.createProgram([...files.keys()], options, hostWith(files, options));
  const own = program.getSourceFiles().filter(({ fileName }) => byFile.has(fileName));
  const found = [
    ...program.getOptionsDiagnostics(),
    ...own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  return found.map((diagnostic) => messageOf(diagnostic, byFile));
};
