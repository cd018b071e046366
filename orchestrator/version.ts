import { version } from '../package.json';

/** Spillway's own version: a plan that another one made is refused. */
export const SPILLWAY_VERSION = version;
