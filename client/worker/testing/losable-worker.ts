/** The composing worker as it is, in a realm whose devices a test can take away. */
import "./device-thief.ts";
import "../decoder-worker.ts";
