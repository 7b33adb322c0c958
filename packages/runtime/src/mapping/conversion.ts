import { refusalReason } from './converter.ts';
import { issuesOfElement, type MappingIssue, type MappingResult } from './issues.ts';

/** A converter after the compiler has checked it. */
export interface AnyConverter {
  readonly name: string;
  readonly decode: (wire: unknown) => unknown;
  readonly encode: (model: unknown) => unknown;
}

/** A mapping of sub-records after the compiler has checked it. */
export interface AnySubMapping {
  readonly title: string;
  readonly tryDecode: (wire: unknown) => MappingResult<unknown>;
  readonly tryEncode: (model: unknown) => MappingResult<unknown>;
}

/** Converts a present value, or adds issues and gives undefined. */
export type Convert = (value: unknown, issues: MappingIssue[]) => unknown;

interface Where {
  readonly path: string;
  readonly field: string;
  readonly direction: 'decode' | 'encode';
}

/** One direction of a converter; what it throws becomes an issue. */
export const converting = (converter: AnyConverter, { path, field, direction }: Where): Convert => {
  const convert = converter[direction];
  return (value, issues) => {
    try {
      return convert(value);
    } catch (thrown) {
      issues.push({ path, field, reason: refusalReason(converter.name, thrown) });
      return undefined;
    }
  };
};

/** One direction of a mapping over a list; issues of elements carry their index. */
export const mappingEach = (mapping: AnySubMapping, { path, field, direction }: Where): Convert => {
  const convert = direction === 'decode' ? mapping.tryDecode : mapping.tryEncode;
  return (value, issues) => {
    if (!Array.isArray(value)) {
      issues.push({ path, field, reason: 'is not a list' });
      return undefined;
    }
    return value.map((element: unknown, index) => {
      const result = convert(element);
      if (result.ok) return result.value;
      issues.push(...issuesOfElement(result.issues, { path, field, index }));
      return undefined;
    });
  };
};
