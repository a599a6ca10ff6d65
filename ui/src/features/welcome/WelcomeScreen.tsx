/** Welcome. */
import { useNavigate } from "@tanstack/react-router";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/Section";
import { Screen } from "../../components/Screen";

/** The screen. */
export function WelcomeScreen() {
  const navigate = useNavigate();
  const sample = useCommand("openSample", { failed: "The sample did not open" });
  return (
    <Screen title="Welcome">
      <EmptyState
        title="The partner side of your CRM, on this laptop"
        action={
          <Button kind="primary" isDisabled={sample.isPending} onPress={() => sample.mutate(undefined, { onSuccess: () => void navigate({ to: "/today" }) })}>
            Explore with sample data
          </Button>
        }
      >
        A made-up program. No account needed.
      </EmptyState>
    </Screen>
  );
}
