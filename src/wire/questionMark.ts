/**
 * How the code of a query begins that an editor asks for itself and nobody is to see: a comment, which real servers pass over, and
 * by which the local engine leaves it out of the session's log.
 */
export const questionMark = "# backendai: a question of an editor.";
