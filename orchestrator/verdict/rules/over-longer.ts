import { frameChange } from './over-frame';
import { type FieldRule, WITHOUT_STATE } from './rule';

export const overLonger: FieldRule = {
  code: 'over-longer',
  verdict: 'incompatible',
  help: 'a longer OVER: the rows that it looks back at were thrown away, so that it counts too little for a window',
  way: WITHOUT_STATE,
  judge: (change) => {
    const by = frameChange(change);
    return by !== undefined && by > 0
      ? `the OVER looks back ${by / 1_000} s more, and the rows of that time are not in its state any more`
      : undefined;
  },
};
