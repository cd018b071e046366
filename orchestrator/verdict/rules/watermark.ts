import { isAt } from '../difference';
import { type FieldRule, WITHOUT_STATE } from './rule';

export const watermark: FieldRule = {
  code: 'watermark',
  verdict: 'incompatible',
  help: 'another watermark (delay): seconds that the state takes as closed are still open, or the other way round',
  way: WITHOUT_STATE,
  judge: ({ difference }) =>
    isAt(difference, 'scanTableSource', 'table', 'resolvedTable', 'schema', 'watermarkSpecs') ||
    isAt(difference, 'scanTableSource', 'abilities', '*', 'watermarkExpr') ||
    isAt(difference, 'watermarkExpr')
      ? 'the watermark changes, and the state stands where the old one was'
      : undefined,
};
