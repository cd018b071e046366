/** Subjects of `spillway prove` begin so: nobody is told of them. */
export const syntheticSubjectPrefix = 'spillway-prove-';
