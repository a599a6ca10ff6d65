/** How a deal is called where its account stands beside it. Pure. */

/** The account and what the deal's name adds to it: "Hansa Kühlkette" and "Plan and Edge, 4 depots". */
export function dealWords({ account, name }: { account: string | null; name: string }): { head: string; rest: string } {
  if (account === null || account === "") return { head: name, rest: "" };
  const rest = name.toLowerCase().startsWith(account.toLowerCase()) ? name.slice(account.length).replace(/^[\s,:·–—-]+/, "") : name;
  return { head: account, rest };
}
