import { namespaces } from '../vendor-facts.ts';

const { messages } = namespaces;

/** The header of a search: how many records a page, and whether lines are wanted. */
export const searchPreferences = ({
  pageSize,
  bodyOnly,
}: {
  readonly pageSize: number;
  readonly bodyOnly: boolean;
}) => ({
  [`{${messages}}searchPreferences`]: {
    bodyFieldsOnly: bodyOnly,
    returnSearchColumns: true,
    pageSize,
  },
});
