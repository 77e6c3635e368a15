/** Who holds a name or an externalId. */
export interface GroupIdentity {
  readonly groupId: string;
  readonly externalId?: string | undefined;
}

/** "group G, which has the externalId E", for messages. */
export function describeOwner({ groupId, externalId }: GroupIdentity): string {
  return `group ${groupId}, ${externalId === undefined ? 'which has no externalId' : `which has the externalId ${JSON.stringify(externalId)}`}`;
}

/** Words of the failure `NameConflict`; the same whether validation or the target's 409 found it. */
export function nameConflictText(
  own: { readonly externalId: string; readonly displayName: string },
  holder: GroupIdentity,
): { message: string; hint: string } {
  return {
    message: `The name ${JSON.stringify(own.displayName)} of externalId ${JSON.stringify(own.externalId)} belongs to ${describeOwner(holder)}. Nothing was written.`,
    hint: 'Rename one of the two groups, or correct the externalId, then try again.',
  };
}

/** Words of the failure `AmbiguousGroup`. */
export function ambiguousText(externalId: string, groupIds: readonly string[]): { message: string; hint: string } {
  return {
    message: `${groupIds.length} groups have the externalId ${JSON.stringify(externalId)}: ${groupIds.join(', ')}. Nothing was written.`,
    hint: 'Remove the externalId from all but one of them, then try again.',
  };
}
