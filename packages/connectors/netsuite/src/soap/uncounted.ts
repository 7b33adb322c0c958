import { connectorError } from '@mortise/runtime';

/** Without its counts an answer without records cannot be told from one that lost them. */
export const uncounted = () =>
  connectorError('unexpected-content', 'NetSuite answered without saying how much there is');
