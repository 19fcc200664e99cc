// A list: one page when awaited, all pages when iterated over. Nothing is sent before that.
import type { FlexibleIP, ListFlexibleIPsResponse } from '../../build/client/flexip.js'

/** Reads a list. */
export interface Lister {
  /** Reads the page that the request names. */
  page(): Promise<ListFlexibleIPsResponse>
  /** Reads all pages, several at once. */
  all(): Promise<FlexibleIP[]>
  /** Reads the pages one after another. A page leaves out the flexible IPs of the pages before it. */
  pages(): AsyncGenerator<ListFlexibleIPsResponse, void, undefined>
}

/**
 * The flexible IPs of a zone. Awaited, it is one page. With `for await` it gives the flexible IPs of all
 * pages and reads a page at a time, so a `break` sends no further request.
 *
 * Over all pages, it gives each flexible IP once and misses none that existed throughout, as long as the
 * total shows each change: pages that do not agree are read again. If they still do not agree after a
 * bounded number of requests, it rejects with an `IncompleteListError`, which has what was read. An awaited
 * page says nothing about the other pages.
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

  /** Reads all flexible IPs. Four pages are read at a time, of 100 flexible IPs unless `pageSize` is set. */
  all(): Promise<FlexibleIP[]> {
    return this.#lister.all()
  }

  /** Iterates over the flexible IPs of all pages. */
  async *[Symbol.asyncIterator](): AsyncGenerator<FlexibleIP, void, undefined> {
    for await (const { flexibleIps } of this.pages()) yield* flexibleIps
  }

  then<T = ListFlexibleIPsResponse, E = never>(
    onPage?: ((page: ListFlexibleIPsResponse) => T | PromiseLike<T>) | null,
    onFailure?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.#firstPage().then(onPage, onFailure)
  }

  catch<E = never>(onFailure?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<ListFlexibleIPsResponse | E> {
    return this.#firstPage().catch(onFailure)
  }

  finally(onEnd?: (() => void) | null): Promise<ListFlexibleIPsResponse> {
    return this.#firstPage().finally(onEnd)
  }

  /** What a promise needs to be one. */
  get [Symbol.toStringTag](): string {
    return 'Promise'
  }

  #firstPage(): Promise<ListFlexibleIPsResponse> {
    return (this.#page ??= this.#lister.page())
  }
}
