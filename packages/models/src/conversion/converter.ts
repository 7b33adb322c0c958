/**
 * A rule that turns a wire value into a model value and back: the shape of the runtime's converters, so that one goes
 * into a mapping as `as`. Null and missing values never reach it.
 */
export interface ModelConverter<Wire, Model, Written extends Wire = Wire> {
  /** Name for the mapping's table and for reasons. */
  readonly name: string;
  /** @throws RangeError with a reason that does not hold the value. */
  readonly decode: (wire: Wire) => Model;
  /** @throws RangeError with a reason that does not hold the value. */
  readonly encode: (model: Model) => Written;
}

/** A converter that does not bring every value back. A rule that uses it must say `lossy` too. */
export interface LossyModelConverter<Wire, Model, Written extends Wire = Wire>
  extends ModelConverter<Wire, Model, Written> {
  /** What does not survive, for instance `surrounding spaces`. */
  readonly loss: string;
}

// The runtime knows a reason that is safe to pass on by this brand. It is shared by name, because neither package may
// import the other.
const refusal = Symbol.for('mortise.conversion-refused');

/** What a converter throws. The reason says what is wrong, without the value: it goes to logs and dead letters. */
export const refused = (reason: string): RangeError =>
  Object.defineProperty(new RangeError(reason), refusal, { value: true });
