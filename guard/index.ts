/** What a user's API imports: the guard, and its middleware for the API's server. */
export { createGuard, type Guard, type GuardOptions, type GuardState } from './guard';
export { embeddedMetrics } from './embedded-metrics';
export type { GuardMetrics } from './metrics';
export type { GuardEvent, GuardEventKind, OnGuardEvent } from './events';
export type { Allowed, Blind, Refused, RequestKind, RequestScope, Suspended, Verdict } from './verdict';
export { expressMiddleware } from './middleware/express';
export { fastifyHook, type HookReply, type HookRequest } from './middleware/fastify';
export { koaMiddleware, type MiddlewareContext } from './middleware/koa';
export { type Problem, problemFor } from './middleware/problem';
export { refuse, type RefuseOptions } from './middleware/refuse';
export type { RedisLocation } from './store-connection';
export type { Suspension, SuspensionReason, SuspensionScope } from './suspension';
