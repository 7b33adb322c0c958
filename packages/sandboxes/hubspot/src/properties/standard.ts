import type { ObjectType } from '../types.ts';

/** Value types of the vendor. */
export type PropertyType = 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool';

/** A property as far as values are concerned. */
export type PropertyDefinition = {
  name: string;
  label: string;
  type: PropertyType;
  fieldType: string;
  groupName: string;
  description: string;
  options: { label: string; value: string; displayOrder: number; hidden: boolean }[];
  hasUniqueValue: boolean;
  hubspotDefined: boolean;
  /** Set by the vendor alone; a caller that writes it is refused. */
  readOnly: boolean;
};

const fieldTypes: Record<PropertyType, string> = {
  string: 'text',
  number: 'number',
  date: 'date',
  datetime: 'date',
  enumeration: 'select',
  bool: 'booleancheckbox',
};

type NamesByType = Partial<Record<PropertyType, string>>;

/** Names by value type; a name may carry its options: 'stage:new|won'. */
const names: Record<ObjectType, NamesByType> = {
  contacts: {
    string:
      'email firstname lastname phone mobilephone fax salutation company jobtitle address city state zip country website industry hs_language hs_timezone date_of_birth message hubspot_owner_id hs_country_region_code hs_state_code',
    number: 'annualrevenue',
    bool: 'hs_email_optout',
    enumeration:
      'lifecyclestage:subscriber|lead|marketingqualifiedlead|salesqualifiedlead|opportunity|customer|evangelist|other hs_lead_status:NEW|OPEN|IN_PROGRESS|OPEN_DEAL|UNQUALIFIED|ATTEMPTED_TO_CONTACT|CONNECTED|BAD_TIMING',
  },
  companies: {
    string:
      'name domain website phone address address2 city state zip country description timezone hubspot_owner_id industry linkedin_company_page',
    number: 'annualrevenue numberofemployees',
    bool: 'is_public',
    enumeration:
      'lifecyclestage:subscriber|lead|marketingqualifiedlead|salesqualifiedlead|opportunity|customer|evangelist|other type:PROSPECT|PARTNER|RESELLER|VENDOR|OTHER',
  },
  deals: {
    string: 'dealname description hubspot_owner_id pipeline deal_currency_code hs_next_step',
    number: 'amount hs_probability',
    datetime: 'closedate',
    enumeration:
      'dealstage:appointmentscheduled|qualifiedtobuy|presentationscheduled|decisionmakerboughtin|contractsent|closedwon|closedlost dealtype:newbusiness|existingbusiness hs_priority:low|medium|high',
  },
  products: {
    string: 'name description hs_sku hs_url hs_images hs_folder_id hs_recurring_billing_period',
    number: 'price hs_cost_of_goods_sold tax discount',
    enumeration:
      'recurringbillingfrequency:weekly|monthly|quarterly|annually hs_product_type:inventory|non_inventory|service',
  },
  line_items: {
    string: 'name description hs_sku hs_product_id hs_line_item_currency_code hs_recurring_billing_period hs_url',
    number: 'quantity price amount discount hs_discount_percentage tax hs_cost_of_goods_sold',
    enumeration: 'recurringbillingfrequency:weekly|monthly|quarterly|annually',
  },
};

function standard(word: string, type: PropertyType, { readOnly }: { readOnly: boolean }): PropertyDefinition {
  const [name = '', options = ''] = word.split(':');
  const values = options.split('|').filter((value) => value !== '');
  return {
    name,
    label: name,
    type,
    fieldType: fieldTypes[type],
    groupName: 'standard',
    description: '',
    options: values.map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false })),
    hasUniqueValue: false,
    hubspotDefined: true,
    readOnly,
  };
}

/** The standard properties of a type. */
export function standardProperties(type: ObjectType): PropertyDefinition[] {
  const stamp = type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
  const own: PropertyDefinition[] = [
    { ...standard('hs_object_id', 'number', { readOnly: true }), hasUniqueValue: true },
    standard('createdate', 'datetime', { readOnly: true }),
    standard(stamp, 'datetime', { readOnly: true }),
    standard('hs_merged_object_ids', 'string', { readOnly: true }),
  ];
  for (const kind of ['string', 'number', 'date', 'datetime', 'enumeration', 'bool'] as const) {
    const words = (names[type][kind] ?? '').split(' ').filter((word) => word !== '');
    own.push(...words.map((word) => standard(word, kind, { readOnly: false })));
  }
  return own;
}

/** What a read answers when no properties are asked for. */
export const defaultProperties: Record<ObjectType, readonly string[]> = {
  contacts: ['email', 'firstname', 'lastname'],
  companies: ['domain', 'name'],
  deals: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
  products: ['description', 'name', 'price'],
  line_items: ['hs_product_id', 'quantity'],
};
