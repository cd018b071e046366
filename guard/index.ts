/** What a user's API imports: the guard, and its middleware for the API's server. */
export { createGuard, type Guard, type GuardOptions, type GuardState } from './guard';
export type { GuardEvent, GuardEventKind, OnGuardEvent } from './events';
export type { Allowed, Blind, Refused, RequestScope, Suspended, Verdict } from './verdict';
export { expressMiddleware } from './middleware/express';
export { fastifyHook, type HookReply, type HookRequest } from './middleware/fastify';
export { type Problem, problemFor } from './middleware/problem';
export { refuse, type RefuseOptions } from './middleware/refuse';
export type { Suspension, SuspensionScope } from '../lambdas/contracts/suspension';
