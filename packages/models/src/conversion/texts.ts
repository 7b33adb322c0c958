import { type LossyModelConverter, type ModelConverter, refused } from './converter.ts';

/** Text without surrounding spaces. */
export const trimmed: LossyModelConverter<string, string> = {
  name: 'trimmed text',
  loss: 'surrounding spaces',
  decode: (text) => text.trim(),
  encode: (text) => text.trim(),
};

/**
 * A list that a vendor keeps in one text, for instance `a;b;c`; the empty text is the empty list. Written back, an
 * element that holds the separator is refused, as is a list of one empty element: both would be read as another list.
 * @throws RangeError when the separator is empty.
 */
export const joinedText = (separator: string): ModelConverter<string, string[]> => {
  if (separator === '') throw new RangeError('the separator is empty');
  return {
    name: `list joined by ${JSON.stringify(separator)}`,
    decode: (text) => (text === '' ? [] : text.split(separator)),
    encode: (list) => {
      if (list.some((element) => element.includes(separator))) throw refused('has an element that holds the separator');
      if (list.length === 1 && list[0] === '') throw refused('is a list of one empty text');
      return list.join(separator);
    },
  };
};

/** Applies a converter to every element of a list. What is lost is lost of each. */
export function eachOf<Wire, Model>(element: LossyModelConverter<Wire, Model>): LossyModelConverter<Wire[], Model[]>;
export function eachOf<Wire, Model>(element: ModelConverter<Wire, Model>): ModelConverter<Wire[], Model[]>;
export function eachOf<Wire, Model>(element: ModelConverter<Wire, Model>): ModelConverter<Wire[], Model[]> {
  return {
    ...element,
    name: `each: ${element.name}`,
    decode: (wire) => wire.map(element.decode),
    encode: (model) => model.map(element.encode),
  };
}
