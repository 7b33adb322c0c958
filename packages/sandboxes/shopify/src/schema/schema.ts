import { buildSchema } from 'graphql';
import { sdl } from './sdl.ts';

/** The stand-in's schema: the part of Shopify's that its documents touch. */
export const adminSchema = buildSchema(sdl);
