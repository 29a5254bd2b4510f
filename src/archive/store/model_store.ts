import { MmsError } from "../../errors.ts";
import { Cache } from "../cache/cache.ts";
import {
  DEFAULT_DOWNLOAD_LIMITS,
  type DownloadLimits,
  type Environment,
  type ProgressListener,
} from "../download/download_options.ts";
import {
  alsoAllow,
  isNamed,
  parseAllowedUrls,
  type UrlRules,
} from "../download/download_rules.ts";
import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from "../limits.ts";
import type { ModelArchive } from "../model/model_archive.ts";
import { inOriginalWords } from "./model_store_errors.ts";
import type { FetchContext } from "./model_store_fetch.ts";
import type { Location, ModelSource, OpenedFor } from "./model_store_locate.ts";
import type { Opened } from "./model_store_open.ts";

/** Where models are looked for and kept, and what may be fetched. */
export interface ModelStoreOptions {
  /** Keeps downloads and unpacked archives; left out: a temporary folder. */
  readonly cacheDir?: string | undefined;
  /** The store's folder, if there is one. */
  readonly storeFolder?: string | undefined;
  /** Takes the place of the zoo's own base url. */
  readonly zooUrl?: string | undefined;
  /**
   * Regular expressions between commas; a url has to match one as a whole.
   * Left out: `http`, `https` and `s3` urls that lead out on the internet.
   */
  readonly allowedUrls?: string | undefined;
  /** What archives may hold. */
  readonly archiveLimits?: ArchiveLimits | undefined;
  /** What of the limits on downloads differs from the default. */
  readonly downloadLimits?: Partial<DownloadLimits> | undefined;
  /** PEM certificates that are trusted besides the well-known ones. */
  readonly caCertificates?: readonly string[] | undefined;
  /** Names proxies and AWS credentials; the process's own unless given. */
  readonly env?: Environment | undefined;
}

/** How a model is opened. */
export interface OpenModelOptions {
  /** On whose word; `command` unless given. */
  readonly openedFor?: OpenedFor | undefined;
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined;
  /** Is told how far a download has come. */
  readonly progress?: ProgressListener | undefined;
}

/** A model whose files stay where they are until it is disposed of. */
export interface OpenedArchive extends AsyncDisposable {
  /** The model itself. */
  readonly archive: ModelArchive;
  /** Where it was found. */
  readonly source: ModelSource;
  /** Whether it came from a url that `allowed_urls` names. */
  readonly isNamedUrl: boolean;
}

/** Turns what people name a model by into a local archive. */
export class ModelStore implements AsyncDisposable {
  readonly #options: ModelStoreOptions;
  readonly #rules: UrlRules;
  readonly #cache: Cache;

  /**
   * Makes a store that touches neither disk nor network yet.
   *
   * @throws {MmsError} `invalid_settings` if `allowedUrls` or `zooUrl` is
   * malformed
   */
  constructor(options: ModelStoreOptions = {}) {
    const { zooUrl } = options;
    if (zooUrl !== undefined && !URL.canParse(zooUrl)) {
      throw new MmsError(
        "invalid_settings",
        `Cannot use zoo_url "${zooUrl}": it is no url, https://HOST/ would be right`,
      );
    }
    this.#options = options;
    this.#rules = parseAllowedUrls(options.allowedUrls);
    this.#cache = new Cache({ folder: options.cacheDir });
  }

  /**
   * Opens the model that is named: by a url, a name that came with the program,
   * an entry of the store, a path, or a name in the zoo, in this order; `./x`
   * is a path in any case.
   *
   * @throws {MmsError} `model_not_found` if it is nowhere; `download_failed`
   * if it cannot be fetched; `invalid_archive` if it breaks its format;
   * `io_failed` if the disk refuses; `aborted` if the signal fires
   */
  async open(
    reference: string,
    options: OpenModelOptions = {},
  ): Promise<OpenedArchive> {
    const openedFor = options.openedFor ?? "command";
    const { storeFolder } = this.#options;
    // Workers use this layer too, but never look for a model.
    const { locate } = await import(
      import.meta.resolve("./model_store_locate.ts")
    ) as typeof import("./model_store_locate.ts");
    try {
      const location = await locate(reference, { storeFolder, openedFor });
      return await this.#openAt(location, { ...options, openedFor });
    } catch (error) {
      throw openedFor === "command" ? error : inOriginalWords(error, reference);
    }
  }

  /**
   * Opens the model that is meant where none is named: the archive that was
   * embedded at compile time, else SqueezeNet v1.1 of the zoo.
   *
   * @throws {MmsError} as {@linkcode open} does
   */
  async openDefault(options: OpenModelOptions = {}): Promise<OpenedArchive> {
    const { locateDefault } = await import(
      import.meta.resolve("./model_store_locate.ts")
    ) as typeof import("./model_store_locate.ts");
    const location = await locateDefault();
    return await this.#openAt(location, { ...options, openedFor: "command" });
  }

  /** Removes the cache if it was a temporary one. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cache[Symbol.asyncDispose]();
  }

  async #openAt(
    location: Location,
    options: OpenModelOptions & { readonly openedFor: OpenedFor },
  ): Promise<OpenedArchive> {
    const isNamedUrl = location.kind === "url" &&
      isNamed(this.#rules, location.url);
    const opened = await this.#openLocation(location, options);
    return { ...opened, source: location.kind, isNamedUrl };
  }

  async #openLocation(
    location: Location,
    options: OpenModelOptions & { readonly openedFor: OpenedFor },
  ): Promise<Opened> {
    const context = this.#context(location, options);
    const { openEmbedded, openPath } = await import(
      import.meta.resolve("./model_store_open.ts")
    ) as typeof import("./model_store_open.ts");
    switch (location.kind) {
      case "embedded":
        return await openEmbedded(location.model, context);
      case "store":
      case "path":
        return await openPath(location.path, context);
      default:
        return await this.#fetch(location, context);
    }
  }

  async #fetch(
    location: Extract<Location, { kind: "url" | "zoo" }>,
    context: FetchContext,
  ): Promise<Opened> {
    const { openUrl, openZooModel } = await import(
      import.meta.resolve("./model_store_fetch.ts")
    ) as typeof import("./model_store_fetch.ts");
    return location.kind === "zoo"
      ? await openZooModel(location.model, this.#options.zooUrl, context)
      : await openUrl(location.url, context);
  }

  #context(
    location: Location,
    { openedFor, signal, progress }: OpenModelOptions,
  ): FetchContext {
    const { archiveLimits, downloadLimits, caCertificates, env } =
      this.#options;
    return {
      cache: this.#cache,
      limits: archiveLimits ?? DEFAULT_ARCHIVE_LIMITS,
      signal,
      progress,
      download: {
        rules: this.#rulesFor(location, openedFor),
        limits: { ...DEFAULT_DOWNLOAD_LIMITS, ...downloadLimits },
        env: env ?? ((name) => Deno.env.get(name)),
        caCertificates: caCertificates ?? [],
      },
    };
  }

  /** What a user or the settings name is allowed by that. */
  #rulesFor(location: Location, openedFor: OpenedFor | undefined): UrlRules {
    const { zooUrl } = this.#options;
    if (location.kind === "url" && openedFor !== "request") {
      return alsoAllow(this.#rules, location.url);
    }
    return location.kind === "zoo" && zooUrl !== undefined
      ? alsoAllow(this.#rules, new URL(zooUrl))
      : this.#rules;
  }
}
