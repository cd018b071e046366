import type { BacktestReport } from './backtest-report';
export function backtestHtml(_report: BacktestReport): string {
  return '';
}
