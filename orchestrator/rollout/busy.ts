import type { ApplicationStatus, ListedOperation } from '../service/application';

/** The service's own operations take seconds, or a few minutes with much state. */
const LONG_SECONDS = 600;

/**
 * What an application in a passing status is busy with, since when, and what to do where that does not end. Pure.
 *
 * @param latest the newest operation of the service
 */
export function busyText(
  title: string,
  status: ApplicationStatus,
  latest: ListedOperation | undefined,
  now: Date,
): string {
  const isOver = latest?.status !== 'IN_PROGRESS';
  if (latest === undefined || isOver) return `${title} is ${status}: ${nextStep(status)}`;
  const seconds = Math.max(0, Math.round((now.getTime() - latest.startedAt.getTime()) / 1000));
  const stuck = seconds >= LONG_SECONDS ? ', longer than that should take' : '';
  return `${title} is ${status} since ${spanText(seconds)} (${latest.kind})${stuck}: ${nextStep(status)}`;
}

/** A span for people: 45 s, 12 min, 3 h 5 min. */
export function spanText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function nextStep(status: ApplicationStatus): string {
  switch (status) {
    case 'UPDATING':
    case 'AUTOSCALING':
      return 'wait; if it does not end, look at `spillway logs`, then take it back with `spillway rollback`, or end it with `spillway stop --force`';
    case 'STARTING':
    case 'STOPPING':
      return 'wait; if it does not end, look at `spillway logs`, then end it with `spillway stop --force`';
    case 'FORCE_STOPPING':
    case 'ROLLING_BACK':
    case 'DELETING':
    case 'MAINTENANCE':
      return 'wait, it cannot be cut off; if it does not end, only AWS Support can help';
    case 'READY':
      return 'start it with `spillway start`';
    case 'RUNNING':
    case 'ROLLED_BACK':
      return 'look at `spillway status`';
  }
}
