/** The library that parses command lines, under the names that are used of it. */
export {
  Argument,
  Command,
  CommanderError,
  InvalidArgumentError,
  Option,
} from "commander";
