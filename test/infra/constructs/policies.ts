import type { Resources } from './built';
import { templateText } from './template-text';

/** One thing that a role may do. */
export interface Permission {
  readonly action: string;
  /** As the template says it, with logical ids in angle brackets: `<TableCD117FA1.Arn>`. */
  readonly resource: string;
  /** Partition keys that items must have, where the permission is for some items only. */
  readonly keys?: readonly string[];
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  readonly Roles: readonly unknown[];
}

/**
 * What the template lets a function do: every permission of its role, in the order of the template.
 *
 * @param functionId the function's logical id, or the part of it that names it, such as `Estimator`
 */
export function permissionsOfFunction(resources: Resources, functionId: string): Permission[] {
  const role = Object.entries(resources).find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.includes(functionId),
  )?.[1].Properties['Role'];
  if (role === undefined) throw new Error(`the template has no function ${functionId}`);
  return permissionsOfRole(resources, templateText(role).slice(1, -'.Arn>'.length));
}

/** The same of a role, by its logical id or the part of it that names it. Managed policies are refused: nobody sees into them. */
export function permissionsOfRole(resources: Resources, roleId: string): Permission[] {
  const found = Object.entries(resources).find(
    ([id, { Type }]) => Type === 'AWS::IAM::Role' && id.includes(roleId),
  );
  if (found === undefined) throw new Error(`the template has no role ${roleId}`);
  const [id, { Properties }] = found;
  if (Properties['ManagedPolicyArns'] !== undefined) throw new Error(`the role ${id} has managed policies`);
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .map((policy) => policy.Properties as unknown as Policy)
    .filter(({ Roles }) => Roles.some((role) => templateText(role) === `<${id}>`))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(permissionsOf));
}

function permissionsOf({ Effect, Action, Resource, Condition }: Statement): Permission[] {
  if (Effect !== 'Allow') throw new Error(`a statement with the effect ${Effect} is not understood`);
  const keys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
  if (Condition !== undefined && keys === undefined)
    throw new Error(`a condition is not understood: ${JSON.stringify(Condition)}`);
  const resources = Array.isArray(Resource) ? Resource : [Resource];
  return [Action].flat().flatMap((action) =>
    resources.map((resource) => ({
      action,
      resource: templateText(resource),
      ...(keys === undefined ? {} : { keys }),
    })),
  );
}
