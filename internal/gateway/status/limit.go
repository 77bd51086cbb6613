package status

import (
	"fmt"

	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/gateway/push"
)

// slowCommit is when a commit is worth a word. A disk that syncs takes some
// milliseconds; and ten messages without an answer, as many clients have, are
// then hundred a second.
const slowCommit = 100 // milliseconds

// linkLimit says what keeps messages waiting for a link; empty when nothing does.
func linkLimit(l *Link, s *links.Stats, spent links.Spent) string {
	most, part := spent.Most()
	switch {
	case l.Waiting == 0 || !l.due && l.Waiting <= l.InFlight:
		return ""
	case !l.due:
		return fmt.Sprintf("%d messages are not due: they were refused for a time, or are for later", l.Waiting-l.InFlight)
	case s.Draining:
		return "it is drained"
	case !s.Up:
		return "no bind"
	}
	text := most.String()
	switch most {
	case links.SlowDown:
		text = "slow-down, the centre has too much"
	case links.Window:
		text = fmt.Sprintf("window of %d, %s", l.Window, answerTime(l))
	case links.Open, links.Draining:
		text = "commit, rows come too slowly from the store"
	}
	return fmt.Sprintf("%s (%.0f %% of the time)", text, part*100)
}

// answerTime is by Little's law: what is under way is what is answered in a
// second, times the seconds that each takes.
func answerTime(l *Link) string {
	if l.Answered <= 0 {
		return "no answer comes"
	}
	return fmt.Sprintf("an answer takes %.0f ms", float64(l.InFlight)/l.Answered*1e3)
}

// accountLimit says what an account was refused for; empty when it was not.
func accountLimit(refused *AccountSample, commitMS float64) string {
	text, most := "", uint64(0)
	for _, r := range []struct {
		n    uint64
		text string
	}{
		{refused.OverQuota, "quota"}, {refused.QueueFull, "max_queue"}, {refused.ThrottledRate, "rate"}, {refused.ThrottledWindow, windowText(commitMS)},
	} {
		if r.n > most {
			text, most = r.text, r.n
		}
	}
	return text
}

func windowText(commitMS float64) string {
	if commitMS >= slowCommit {
		return fmt.Sprintf("commit, which takes %.0f ms: its window is full", commitMS)
	}
	return "window: it sends more than it may without an answer"
}

// limiting is the stage that limits all, in a sentence.
func limiting(d *Document) string {
	var worst *Link
	for i := range d.Links {
		if l := &d.Links[i]; l.due && l.Limit != "" && (worst == nil || l.Waiting > worst.Waiting) {
			worst = l
		}
	}
	if worst != nil {
		if _, is := push.AccountOf(worst.Name); is {
			return worst.Name + ": " + worst.Limit
		}
		return "link " + worst.Name + ": " + worst.Limit
	}
	var most *Account
	for i := range d.Accounts {
		if a := &d.Accounts[i]; a.refused > 0 && (most == nil || a.refused > most.refused) {
			most = a
		}
	}
	traffic := false
	for _, s := range d.Stages {
		traffic = traffic || s.Rate > 0
	}
	switch {
	case most != nil:
		return "account " + most.Name + ": " + most.Limit
	case d.CommitMS >= slowCommit:
		return fmt.Sprintf("commit, which takes %.0f ms", d.CommitMS)
	case traffic:
		return "nothing: what comes goes out"
	}
	return "nothing: there is no traffic"
}
