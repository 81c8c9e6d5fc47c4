// nothing yet
/* really */
