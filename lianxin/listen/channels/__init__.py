"""One file per channel: what came in is brought into shape and heard (lianxin.listen.actions.hear)."""
