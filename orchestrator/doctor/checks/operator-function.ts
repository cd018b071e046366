import { type DoctorCheck, type Finding, ok, type Patient, wrong } from '../doctor-check';

export const operatorFunction = {
  code: 'operator-function',
  help: 'the operator function answers, so it reaches the store of suspensions: without it nobody is suspended or lifted',
  look: async ({ operator }: Pick<Patient, 'operator'>): Promise<Finding[]> => {
    const { open, suspensionsPerMinute } = await operator.ask('breaker', {});
    return [
      open
        ? wrong(
            'the breaker is open: what is decided is only recorded',
            'look at `spillway suspensions list --simulated`, then `spillway breaker reset`',
          )
        : ok(`it answers; the breaker opens at ${suspensionsPerMinute} suspensions a minute`),
    ];
  },
} satisfies DoctorCheck;
