/**
 * Tells which writes to one group overlapped: their answers may have arrived in another order than they were carried out, so none of
 * them shows the group as it is.
 */
export interface WriteTracker {
  /** Begins a write; the function that comes back ends it and tells whether another one overlapped. */
  begin(groupId: string): () => boolean;
}

export function createWriteTracker(): WriteTracker {
  const open = new Map<string, { count: number; overlapped: boolean }>();
  return {
    begin(groupId) {
      const state = open.get(groupId) ?? { count: 0, overlapped: false };
      open.set(groupId, state);
      state.count += 1;
      if (state.count > 1) state.overlapped = true;
      return () => {
        state.count -= 1;
        if (state.count === 0) open.delete(groupId);
        return state.overlapped;
      };
    },
  };
}
