/** A pull request that the App opened to take another one back. */
export interface OpenedRevert {
  readonly number: number;
  readonly state: "open" | "closed" | "merged";
}

/** Opening pull requests that take merged ones back. */
export interface Reverts {
  /** Whether the App may: it takes a permission that no installation has to grant (security rule S20). */
  mayOpen(): Promise<boolean>;
  /** The newest one that was opened for a pull request; null where there is none. */
  openedFor(pullRequest: number): Promise<OpenedRevert | null>;
  /** Opens one and gives its number; or the hosting service's words why it would not, as where the two conflict. */
  open(
    pullRequest: number,
    said: { readonly title: string; readonly body: string },
  ): Promise<{ readonly number: number } | { readonly refused: string }>;
}
