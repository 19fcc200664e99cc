// A list: one page when awaited, all pages when iterated over. Nothing is sent before.
import type { FlexibleIP, ListFlexibleIPsResponse } from '../build/client/flexip.js'

/** What a client does for its lists. */
export interface Lister {
  /** One page, as the request names it. */
  page(): Promise<ListFlexibleIPsResponse>
  /** All flexible IPs of all pages, some pages at once. */
  all(): Promise<FlexibleIP[]>
  /** The pages, one after another, each without what a page before it had. */
  pages(): AsyncGenerator<ListFlexibleIPsResponse, void, undefined>
}

/**
 * The flexible IPs of a zone. Awaited, it is one page; with `for await` it gives the flexible IPs of all
 * pages, a page at a time, so that a `break` asks for nothing more.
 *
 * A list that changes while it is read gives each flexible IP once, and all that were there
 * throughout as long as its total shows the change: pages that do not agree are read again.
 */
export class Listing implements Promise<ListFlexibleIPsResponse>, AsyncIterable<FlexibleIP> {
  readonly #lister: Lister
  #page: Promise<ListFlexibleIPsResponse> | undefined

  constructor(lister: Lister) {
    this.#lister = lister
  }

  /** The pages, one after another. */
  pages(): AsyncGenerator<ListFlexibleIPsResponse, void, undefined> {
    return this.#lister.pages()
  }

  /** All flexible IPs at once. Four pages are asked for at a time, of 100 unless `pageSize` is given. */
  all(): Promise<FlexibleIP[]> {
    return this.#lister.all()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FlexibleIP, void, undefined> {
    for await (const { flexibleIps } of this.pages()) yield* flexibleIps
  }

  then<T = ListFlexibleIPsResponse, E = never>(
    onPage?: ((page: ListFlexibleIPsResponse) => T | PromiseLike<T>) | null,
    onFailure?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.#once().then(onPage, onFailure)
  }

  catch<E = never>(onFailure?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<ListFlexibleIPsResponse | E> {
    return this.#once().catch(onFailure)
  }

  finally(onEnd?: (() => void) | null): Promise<ListFlexibleIPsResponse> {
    return this.#once().finally(onEnd)
  }

  get [Symbol.toStringTag](): string {
    return 'Promise'
  }

  #once(): Promise<ListFlexibleIPsResponse> {
    return (this.#page ??= this.#lister.page())
  }
}
