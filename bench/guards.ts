/** What `--check` lets the gateway pass with: about 1.4 times what was measured (docs/performance.md). */
export const guards = {
  /** CPU per request as a ratio to the bare proxy. */
  ratio: { create: 2.9, retrieve: 2.3, list: 6 },
  /**
   * Bytes per request that outlive two scavenges. A create is remembered by its key; nothing else is to stay. Something
   * that keeps ended requests alive costs thousands.
   */
  promoted: { create: 1_500, list: 20_000 },
};
