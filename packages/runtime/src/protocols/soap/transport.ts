import type { z } from 'zod';
import type { SoapHeaderBlocks } from '../../auth/auth.ts';
import type { Effect } from '../../contract/effect.ts';
import type { TransportDefinition } from '../../contract/transport.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { checkedBaseUrl, warnOfPlainHttp } from '../../http/bounds.ts';
import { httpClient } from '../../http/client.ts';
import { exchangeHttp } from '../../http/exchange.ts';
import { joinedHeaders, lastingHeaders } from '../../http/headers.ts';
import { type CallRoad, callRoad, type OperationContext } from '../../resilience/call-road.ts';
import type { QuotaRule } from '../../resilience/quota.ts';
import { type AnswerOptions, answerJudge, type ClassifyFault, type SoapAnswer } from './answer.ts';
import { writtenEnvelope } from './envelope.ts';
import { type XmlLimits, xmlLimits } from './limits.ts';
import type { SoapOperation } from './operation.ts';
import { loadParser, type MakeParser } from './peer.ts';
import { type KnownPrefixes, knownPrefixes } from './prefixes.ts';
import { type SoapVersion, soapVersions } from './versions.ts';

/** A value, or what makes it anew for each attempt, where it holds a nonce or the time. */
type Fresh<Value> = Value | (() => Value);

/** One SOAP request. */
export interface SoapRequest<Request extends z.ZodType, Answer extends z.ZodType> {
  readonly operation: SoapOperation<Request, Answer>;
  /** The content of the body. */
  readonly body: Fresh<z.input<Request>>;
  /** Blocks of the SOAP header, behind those of the transport and of the connection's auth. */
  readonly soapHeader?: Fresh<SoapHeaderBlocks>;
  /** HTTP headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The action of this request; the operation's unless given. */
  readonly action?: string;
  /** What a second sending does; the operation's unless given. */
  readonly effect?: Effect;
  /** Name of the quota that the request draws on; `default` unless given. */
  readonly quota?: string;
  /** Units of the quota that it takes; 1 unless given. */
  readonly cost?: number;
}

/** A live SOAP transport. */
export interface SoapTransport {
  /**
   * Sends an operation over the call road.
   * @throws ConnectorError `invalid-record` for a body that does not fit, before anything is sent; the code of the
   * fault or failure that the vendor answered with.
   */
  readonly send: <Request extends z.ZodType, Answer extends z.ZodType>(
    request: SoapRequest<Request, Answer>,
  ) => Promise<SoapAnswer<z.output<Answer>>>;
}

/** How a vendor's SOAP service is reached. */
export interface SoapOptions {
  /** The endpoint; https, or http to loopback. */
  readonly url: string;
  /** `1.1` unless given. Answers in either version are understood. */
  readonly version?: SoapVersion;
  /** Prefixes for namespace URIs, for instance `{ core: 'urn:core.example.com' }`: for readable requests, and for header blocks. */
  readonly namespaces?: Readonly<Record<string, string>>;
  /** HTTP headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Blocks of the SOAP header of every request. */
  readonly soapHeader?: Fresh<SoapHeaderBlocks>;
  readonly quota?: readonly QuotaRule[];
  /** What a fault means at this vendor. Sees its reason and detail; what it returns must not quote them. */
  readonly classify?: ClassifyFault;
  /** Bounds on the work that an answer may cause; see {@link XmlLimits}. Its bytes are bounded by `maxBodyBytes`. */
  readonly limits?: Partial<XmlLimits>;
}

/**
 * SOAP 1.1 and 1.2 over the call road, document/literal and rpc/literal.
 * @throws ConnectorError `invalid-settings` where the XML parser, an optional peer, is not installed;
 * `invalid-definition` for a prefix that XML does not allow, or a limit that is none.
 * @example
 * ```ts
 * import { soap } from '@mortise/runtime/soap';
 * export const transport = soap({ url: 'https://api.example.com/soap', version: '1.2' });
 * ```
 */
export const soap = (options: SoapOptions): TransportDefinition<SoapTransport> => {
  const makeParser = loadParser();
  const known = knownPrefixes(options.namespaces ?? {});
  const limits = xmlLimits(options.limits);
  return {
    protocol: 'soap',
    quota: options.quota ?? [],
    connect: (facts) => connect(callRoad(facts), { ...options, makeParser, known, limits }),
  };
};

// A value of a request is data, so that a function can only be what makes it.
const freshValue = <Value>(fresh: Fresh<Value>): Value =>
  typeof fresh === 'function' ? (fresh as () => Value)() : fresh;

const mediaTypes = Object.values(soapVersions).map(({ mediaType }) => mediaType);

/** Type of the body, and the action where the version wants it. */
const versionHeaders = (version: SoapVersion, action: string | undefined): Readonly<Record<string, string>> => {
  if (action !== undefined && /["\\]/.test(action)) {
    throw connectorError('invalid-definition', 'a SOAP action may not hold a quote or a backslash');
  }
  const type = `${soapVersions[version].mediaType}; charset=utf-8`;
  // 1.1 wants the header even where there is nothing to say.
  if (version === '1.1') return { 'content-type': type, soapaction: `"${action ?? ''}"` };
  return { 'content-type': action === undefined ? type : `${type}; action="${action}"` };
};

interface Connecting extends SoapOptions {
  readonly makeParser: MakeParser;
  readonly known: KnownPrefixes;
  readonly limits: XmlLimits;
}

const connect = (road: CallRoad, options: Connecting) => {
  const { version = '1.1', makeParser, known, limits, classify } = options;
  const url = checkedBaseUrl(options.url, road);
  warnOfPlainHttp(road, url);
  const client = httpClient(road, { baseUrl: url });
  const own = lastingHeaders({ accept: mediaTypes.join(', ') }, options.headers);
  const reading: AnswerOptions = { makeParser, limits, now: road.clock.now, classify };
  return (context: OperationContext): SoapTransport => ({
    send: async (request) => {
      const { operation, soapHeader, quota = 'default', cost } = request;
      const { definition } = operation;
      const { effect = definition.effect ?? 'unsafe', action = definition.action } = request;
      const template = `${url.pathname} ${definition.name}`;
      const call = { ...context, method: 'POST', url, template, effect, quota, cost };
      const write = (): string =>
        writtenEnvelope({
          ...{ version, known, request: operation.request, body: freshValue(request.body) },
          blocks: [options.soapHeader, road.auth.soapHeader?.(call), soapHeader].map(freshValue),
        });
      const headers = joinedHeaders(versionHeaders(version, action), own, request.headers);
      const isFresh = [request.body, options.soapHeader, soapHeader].some((part) => typeof part === 'function');
      // What is the same for every attempt is written, and refused, before the call begins.
      const body = isFresh || road.auth.soapHeader !== undefined ? write : write();
      const exchange = { call, headers, body, judge: answerJudge(operation, reading) };
      return exchangeHttp(road, { client, exchange });
    },
  });
};
