import { type Check, detections } from './check';

export const noDetection: Check = {
  code: 'no-detection',
  help: 'an application without a detection states nothing',
  stops: 'run',
  find: (checked) =>
    detections(checked).length > 0
      ? []
      : [
          {
            file: checked.definition.name,
            line: 0,
            message: 'there is no detections/*.sql: a detection is a file with one INSERT',
          },
        ],
};
