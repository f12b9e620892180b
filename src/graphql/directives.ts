/** A directive in the SDL of the schema, of a type or of a field. */
export type Directive = { name: string; args?: Readonly<Record<string, unknown>> };

/** The directives of the schema, of a type or of a field, as `extensions.directives` holds them. */
export function directivesOf(part: { extensions: Readonly<Record<string, unknown>> }): readonly Directive[] {
  return (part.extensions['directives'] as readonly Directive[] | undefined) ?? [];
}
