Feature: When no agreement is found
  Mediation ends after thirty days unless the parties agree to go on. The other ways are always told.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: terminate - the parties are told the other ways, and the director names the next forum
    Scenario: The thirtieth day ends
      Given Asha's dispute with Bram is in Ma's hands
      When it becomes Thursday 16 May 2024, 00:00
      Then the case is "Mediation ended"
      And Asha and Bram have the "Notice that mediation has ended"
      And Asha and Bram have the "Notice of the other ways open"
      And the audit trail dates "End the mediation" to Wednesday 15 May 2024

    Scenario: The director names the court
      Given Asha's dispute with Bram is in session
      And Ma has ended the mediation
      When Du names the court as the next forum
      Then the case is closed as "Handed to the next forum"

    Scenario: Nobody names a forum
      Given Asha's dispute with Bram is in session
      And Ma has ended the mediation
      When 14 days pass
      Then the case is closed as "No agreement"

  Rule: three_attempts - a party is given up after three days of trying
    Scenario: Tried twice on one day and once on another
      Given Asha's dispute with Bram is in Ma's hands
      And Wang has tried in vain to reach Bram on 2 days
      When Wang stops looking for a party
      Then it is refused under "three_attempts"

    Scenario: Tried on three days
      Given Asha's dispute with Bram is in Ma's hands
      And Wang has tried in vain to reach Bram on 3 days
      When Wang stops looking for a party
      Then the case is "Mediation ended"
