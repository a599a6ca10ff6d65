/**
 * Operations as queries and commands. A query is kept until an event says that what it reads has changed (events.ts), so
 * nothing here polls, retries or goes stale with time. A command shows its failure in one notice, wired once in main.tsx;
 * give `onError` only to handle a failure in place (mark it with `meta: { quiet: true }`).
 *
 *   const status = useOp("status", undefined);
 *   const approve = useCommand("approve", { done: "Approved, in the outbox" });
 *   approve.mutate({ id, days: 90 });
 */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { QueryClient, UseQueryResult } from "@tanstack/react-query";
import { api, operations } from "./api.gen";
import type { ApiError } from "./transport";

type Operations = typeof operations;
type Api = typeof api;
/** Every operation's name. */
export type OpName = keyof Api & keyof Operations;
/** Operations that only read. */
export type QueryName = { [N in OpName]: Operations[N]["kind"] extends "query" ? N : never }[OpName];
/** Operations that change something or start a job. */
export type CommandName = Exclude<OpName, QueryName>;
/** What an operation takes; undefined when it takes nothing. */
export type RequestOf<N extends OpName> = Parameters<Api[N]>[0];
/** What an operation answers. */
export type AnswerOf<N extends OpName> = Awaited<ReturnType<Api[N]>>;

function run<N extends OpName>(name: N, request: RequestOf<N>): Promise<AnswerOf<N>> {
  return (api[name] as unknown as (request: RequestOf<N>) => Promise<AnswerOf<N>>)(request);
}

/** Options of a query, for prefetching or for reading outside a component. */
export function opOptions<N extends QueryName>(name: N, request: RequestOf<N>) {
  return { queryKey: [name, request ?? null] as const, queryFn: () => run(name, request) };
}

/** Reads. `enabled: false` waits; `keep` shows the previous answer while a changed request is read. */
export function useOp<N extends QueryName>(
  name: N,
  request: RequestOf<N>,
  options: { enabled?: boolean; keep?: boolean } = {},
): UseQueryResult<AnswerOf<N>, ApiError> {
  const { enabled = true, keep = false } = options;
  return useQuery({
    ...opOptions(name, request),
    enabled,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  }) as UseQueryResult<AnswerOf<N>, ApiError>;
}

/** Reads what a person is likely to look at next, so that it is here when they do; nothing for undefined. */
export function useReadAhead<N extends QueryName>(name: N, request: RequestOf<N> | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (request !== undefined) void client.prefetchQuery(opOptions(name, request));
  }, [client, name, request]);
}

/** A page as Rust sends it: rows and the cursor of the next page, absent at the end. */
export interface PageShape<Row> {
  rows: Row[];
  next: string | null;
}

/**
 * Reads a long list page by page by keyset. The request is made from the cursor (null for the first page);
 * `rows` is everything read so far, `more()` reads on and does nothing at the end.
 */
export function usePages<N extends QueryName>(
  name: N,
  request: (cursor: string | null) => RequestOf<N>,
  options: { enabled?: boolean } = {},
) {
  const query = useInfiniteQuery({
    queryKey: [name, request(null), "pages"],
    queryFn: ({ pageParam }) => run(name, request(pageParam)),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page as unknown as PageShape<unknown>).next ?? null,
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
  });
  type Row = AnswerOf<N> extends PageShape<infer R> ? R : never;
  const pages = query.data?.pages ?? [];
  return {
    rows: pages.flatMap((page) => (page as unknown as PageShape<Row>).rows),
    first: pages[0],
    pages,
    isPending: query.isPending,
    isFetching: query.isFetching,
    error: query.error as ApiError | null,
    /** Reads it anew, after a failure. */
    again: () => void query.refetch(),
    more: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
  };
}

/** How a command's outcome is told. */
export interface CommandOptions<N extends CommandName> {
  /** Said in a toast when it went well, or made from the answer; left out = nothing is said. */
  done?: string | ((answer: AnswerOf<N>) => string);
  /** Title of the notice when it fails: "Approval was not saved". */
  failed?: string;
  /** Offers `Undo Z` in the toast. */
  undo?: (answer: AnswerOf<N>) => void;
  /** The caller shows the failure itself (in a form); no notice. */
  quiet?: boolean;
}

/** Changes something. Success and failure are told as declared, in one place (main.tsx). */
export function useCommand<N extends CommandName>(name: N, options: CommandOptions<N> = {}) {
  return useMutation<AnswerOf<N>, ApiError, RequestOf<N>>({
    mutationKey: [name],
    mutationFn: (request) => run(name, request),
    meta: { ...options },
  });
}

/** Makes stale every query that reads one of the kinds; null = everything. Resolves when those on screen are fresh. */
export function invalidateKinds(client: QueryClient, kinds: readonly string[] | null): Promise<void> {
  const table = operations as Record<string, { kind: string; reads?: readonly string[] }>;
  return client.invalidateQueries({
    predicate: (query) => {
      const operation = table[String(query.queryKey[0])];
      if (!operation || kinds === null) return true;
      return operation.reads?.some((kind) => kinds.includes(kind)) ?? false;
    },
  });
}

/** Makes stale the queries of these operations: for what lives in the program's memory, which no event tells of. */
export function invalidateOps(client: QueryClient, names: readonly QueryName[]): Promise<void> {
  return client.invalidateQueries({ predicate: (query) => names.some((name) => name === query.queryKey[0]) });
}
