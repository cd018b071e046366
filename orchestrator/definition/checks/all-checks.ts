import type { Check } from './check';
import { defaultOutOfBounds, illTypedDefault } from './default-value';
import { detectionAction } from './detection-action';
import { detectionHeader } from './detection-header';
import { intervalOverflow } from './interval-overflow';
import { legacyWindow } from './legacy-window';
import { noDetection } from './no-detection';
import { placeholderArithmetic, placeholderForm, unknownParameter } from './placeholders';
import { selectStar } from './select-star';
import { setNotAllowed } from './set-not-allowed';
import { sinkColumn } from './sink-column';
import { unboundedState } from './unbounded-state';
import { unusedParameter } from './unused-parameter';

/** Every check of an application's files, in the order in which their findings are told. */
export const allChecks: readonly Check[] = [
  illTypedDefault,
  defaultOutOfBounds,
  placeholderForm,
  unknownParameter,
  placeholderArithmetic,
  unusedParameter,
  noDetection,
  intervalOverflow,
  setNotAllowed,
  sinkColumn,
  detectionHeader,
  detectionAction,
  selectStar,
  legacyWindow,
  unboundedState,
];
