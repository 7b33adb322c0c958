import { Deal, Order, type OrderState } from '@mortise/models';
import { mapping } from '@mortise/runtime/mapping';

/** Stages of the pipeline that every HubSpot account has. */
const stages: Readonly<Record<OrderState, string>> = {
  draft: 'appointmentscheduled',
  open: 'contractsent',
  paid: 'closedwon',
  fulfilled: 'closedwon',
  cancelled: 'closedlost',
};

/** How an order of the shop reads as a deal of the CRM. */
export const orderToDeal = mapping(Order, Deal, {
  id: { from: 'id', access: 'read' },
  key: { from: 'number', access: 'read' },
  name: { compute: ({ number }) => `Order ${number}`, uses: ['number'] },
  stage: { compute: ({ state }) => stages[state], uses: ['state'] },
  amount: { from: 'total', access: 'read' },
  closedAt: { from: 'placedAt', access: 'read', note: 'null while the order is a draft' },
  contactId: { from: 'customerId', access: 'read', note: 'translated by the sync; null for a guest' },
  companyId: { constant: null, note: 'the shop knows people only' },
  createdAt: { from: 'createdAt', access: 'read' },
  updatedAt: { from: 'updatedAt', access: 'read' },
});
