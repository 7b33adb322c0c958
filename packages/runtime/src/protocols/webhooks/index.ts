export type { Accepted, Delivery, Inbox, TakenDelivery, TakeRequest } from './inbox.ts';
